// The same fits by Ceres Solver, with analytic derivatives, one thread, in the coordinates of the
// literature: farseer from starts around the published values, Chinchilla's law with Huber loss
// from the published grid of 4,500 starts, and its bootstrap from a warm start.
#include <ceres/ceres.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

struct Run { double n, d, l; };

static std::vector<Run> read(const char* path) {
  std::vector<Run> runs;
  FILE* f = fopen(path, "r");
  Run r;
  if (!f || fscanf(f, "%*[^\n]\n") != 0) exit(1);
  while (fscanf(f, "%lf,%lf,%lf", &r.n, &r.d, &r.l) == 3) runs.push_back(r);
  return runs;
}

// lnE, lnA, lnB, alpha, beta
struct Chinchilla : ceres::SizedCostFunction<1, 5> {
  double x, y, t, w;
  Chinchilla(const Run& r, double w) : x(log(r.n)), y(log(r.d)), t(log(r.l)), w(w) {}
  bool Evaluate(double const* const* q, double* r, double** J) const override {
    const double* p = q[0];
    double e = p[0], a = p[1] - p[3] * x, b = p[2] - p[4] * y;
    double m = std::max(e, std::max(a, b));
    double E = exp(e - m), A = exp(a - m), B = exp(b - m), s = E + A + B;
    r[0] = w * (m + log(s) - t);
    if (J && J[0]) {
      J[0][0] = w * E / s; J[0][1] = w * A / s; J[0][2] = w * B / s;
      J[0][3] = -x * J[0][1]; J[0][4] = -y * J[0][2];
    }
    return true;
  }
};

struct Farseer : ceres::SizedCostFunction<1, 9> {
  double x, y, t;
  Farseer(const Run& r) : x(log(r.n)), y(log(r.d)), t(log(r.l)) {}
  bool Evaluate(double const* const* q, double* r, double** J) const override {
    const double* p = q[0];
    double na = exp(p[1] * x), nb = exp(p[4] * x), ng = exp(p[7] * x);
    double A = exp(p[0] * na + p[2]), g = p[6] * ng + p[8], b = p[3] * nb + p[5] - A * y;
    double m = std::max(g, b), G = exp(g - m), B = exp(b - m), s = G + B;
    r[0] = m + log(s) - t;
    if (J && J[0]) {
      double sg = G / s, sb = B / s, byA = -sb * A * y;
      double* d = J[0];
      d[0] = byA * na; d[1] = byA * p[0] * na * x; d[2] = byA;
      d[3] = sb * nb; d[4] = sb * p[3] * nb * x; d[5] = sb;
      d[6] = sg * ng; d[7] = sg * p[6] * ng * x; d[8] = sg;
    }
    return std::isfinite(r[0]);
  }
};

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static ceres::Solver::Options options(int iterations, double tolerance = 1e-8) {
  ceres::Solver::Options o;
  o.linear_solver_type = ceres::DENSE_QR;
  o.max_num_iterations = iterations;
  o.function_tolerance = tolerance;
  o.num_threads = 1;
  o.logging_type = ceres::SILENT;
  return o;
}

int main(int argc, char** argv) {
  auto farseer = read(argv[1]);
  auto epoch = read(argv[2]);
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> u(-1, 1);
  {
    const int starts = 30;
    std::vector<double> costs;
    double base[9] = {-0.124, 0.123, 0.424, 88.01, -0.1, -6.287, -0.021, 0.169, -0.091};
    double t = now();
    for (int k = 0; k < starts; k++) {
      double p[9];
      for (int j = 0; j < 9; j++) p[j] = base[j] * (1 + 0.1 * u(random));
      ceres::Problem problem;
      for (auto& r : farseer) problem.AddResidualBlock(new Farseer(r), nullptr, p);
      ceres::Solver::Summary s;
      ceres::Solve(options(3000), &problem, &s);
      costs.push_back(s.final_cost);
    }
    t = now() - t;
    double best = atof(argv[3]);
    int at = 0;
    for (double c : costs) at += c <= 1.001 * best;
    printf("farseer fit,ceres,good fits per second,%.5g,%d of %d starts at the best\n", at / t, at, starts);
  }
  ceres::HuberLoss huber(1e-3);
  {
    double t = now(), best = 1e300;
    std::vector<double> costs;
    const int every = 15;
    for (int k = 0; k < 4500; k += every) {
      int q = k;
      double alpha = 0.5 * (q % 5); q /= 5;
      double beta = 0.5 * (q % 5); q /= 5;
      double e = -1 + 0.5 * (q % 5); q /= 5;
      double p[5] = {e, 5.0 * (q % 6), 5.0 * (q / 6), alpha, beta};
      ceres::Problem::Options po;
      po.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
      ceres::Problem problem(po);
      for (auto& r : epoch) problem.AddResidualBlock(new Chinchilla(r, 1), &huber, p);
      ceres::Solver::Summary s;
      ceres::Solve(options(500), &problem, &s);
      costs.push_back(s.final_cost);
      best = std::min(best, s.final_cost);
    }
    t = (now() - t) * every;
    int at = 0;
    for (double c : costs) at += c <= 1.001 * best;
    printf("grid of 4500,ceres,seconds,%.5g,%.0f%% of every %dth start at the best\n", t, 100.0 * at / costs.size(), every);
  }
  {
    const int replicates = 400;
    double warm[5] = {log(1.817218), log(477.826), log(2143.417), 0.347310, 0.367172};
    double t = now();
    for (int k = 0; k < replicates; k++) {
      std::vector<int> count(epoch.size());
      for (size_t i = 0; i < epoch.size(); i++) count[random() % epoch.size()]++;
      double p[5];
      memcpy(p, warm, sizeof p);
      ceres::Problem::Options po;
      po.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
      ceres::Problem problem(po);
      for (size_t i = 0; i < epoch.size(); i++)
        if (count[i])
          problem.AddResidualBlock(new Chinchilla(epoch[i], 1),
              count[i] == 1 ? (ceres::LossFunction*)&huber
                            : new ceres::ScaledLoss(&huber, count[i], ceres::DO_NOT_TAKE_OWNERSHIP), p);
      ceres::Solver::Summary s;
      ceres::Solve(options(200, 1e-6), &problem, &s);
    }
    printf("bootstrap,ceres,fits per second,%.5g,\n", replicates / (now() - t));
  }
}
