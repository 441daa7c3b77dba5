// The same fits by Ceres Solver at its fastest here: one residual block for all runs with analytic
// derivatives (laws.h), normal equations, one thread, problems reused; and Chinchilla's law as usually
// written, a block for each run under ceres::HuberLoss, by QR ("ceres as usual").
#include <ceres/ceres.h>

#include <deque>

#include "laws.h"

template <class Law>
struct OneBlock : ceres::CostFunction {
  const Law& law;
  mutable std::vector<double> columns;

  explicit OneBlock(const Law& law) : law(law), columns(law.NumResiduals() * Law::NUM_PARAMETERS) {
    set_num_residuals(law.NumResiduals());
    mutable_parameter_block_sizes()->push_back(Law::NUM_PARAMETERS);
  }

  bool Evaluate(double const* const* q, double* r, double** J) const override {
    const bool wanted = J && J[0];
    law(q[0], r, wanted ? columns.data() : nullptr);
    const int n = law.NumResiduals(), p = Law::NUM_PARAMETERS;
    for (int j = 0; wanted && j < p; j++)
      for (int i = 0; i < n; i++) J[0][i * p + j] = columns[j * n + i];
    return true;
  }
};

// One run of Chinchilla's law.
struct OneRun : ceres::SizedCostFunction<1, 5> {
  double x, y, t;
  explicit OneRun(const Run& r) : x(log(r.n)), y(log(r.d)), t(log(r.l)) {}
  bool Evaluate(double const* const* q, double* r, double** J) const override {
    const double* p = q[0];
    double a = p[1] - p[3] * x, b = p[2] - p[4] * y, m = std::max(p[0], std::max(a, b));
    double E = exp(p[0] - m), A = exp(a - m), B = exp(b - m), s = E + A + B;
    r[0] = m + log(s) - t;
    if (J && J[0]) {
      J[0][0] = E / s; J[0][1] = A / s; J[0][2] = B / s;
      J[0][3] = -x * J[0][1]; J[0][4] = -y * J[0][2];
    }
    return true;
  }
};

static ceres::Solver::Options options(int iterations, double tolerance,
                                      ceres::LinearSolverType solver = ceres::DENSE_NORMAL_CHOLESKY) {
  ceres::Solver::Options o;
  o.linear_solver_type = solver;
  o.max_num_iterations = iterations;
  o.function_tolerance = tolerance;
  o.num_threads = 1;
  o.logging_type = ceres::SILENT;
  return o;
}

static ceres::Problem::Options lean() {
  ceres::Problem::Options o;
  o.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  o.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  o.disable_all_safety_checks = true;
  return o;
}

static void grid(const char* who, ceres::Problem& problem, double* p, int every,
                 const ceres::Solver::Options& settings) {
  std::vector<double> costs;
  double t = now();
  for (int k = 0; k < 4500; k += every) {
    Chinchilla::grid(k, p);
    ceres::Solver::Summary s;
    ceres::Solve(settings, &problem, &s);
    costs.push_back(s.final_cost);
  }
  t = (now() - t) * every;
  double best = *std::min_element(costs.begin(), costs.end());
  printf("grid of 4500,%s,seconds,%.5g,%.0f%% of every %dth start at the best\n", who, t,
         100.0 * at_best(costs, best) / costs.size(), every);
}

int main(int, char** argv) {
  auto epoch = read_runs(argv[2]);
  Farseer farseer(read_runs(argv[1]));
  {
    auto starts = read_starts(argv[4]);
    starts.resize(200);
    OneBlock<Farseer> block(farseer);
    double p[9];
    ceres::Problem problem(lean());
    problem.AddResidualBlock(&block, nullptr, p);
    std::vector<double> costs;
    double t = now();
    for (auto& start : starts) {
      std::copy(start.begin(), start.end(), p);
      ceres::Solver::Summary s;
      ceres::Solve(options(100, 1e-8), &problem, &s);
      costs.push_back(s.final_cost);
    }
    t = now() - t;
    int at = at_best(costs, atof(argv[3]));
    printf("farseer fit,ceres,good fits per second,%.5g,%d of %zu of the same starts\n", at / t, at,
           starts.size());
  }
  Chinchilla law(epoch, 1e-3);
  OneBlock<Chinchilla> block(law);
  double p[5];
  ceres::Problem together(lean());
  together.AddResidualBlock(&block, nullptr, p);
  grid("ceres", together, p, 3, options(100, 1e-8));
  ceres::HuberLoss huber(1e-3);
  std::vector<OneRun> runs(epoch.begin(), epoch.end());
  {
    ceres::Problem problem(lean());
    for (auto& run : runs) problem.AddResidualBlock(&run, &huber, p);
    grid("ceres by runs", problem, p, 15, options(100, 1e-8));
    grid("ceres as usual", problem, p, 15, options(500, 1e-8, ceres::DENSE_QR));
  }
  const int replicates = 2000;
  std::mt19937_64 random(1);
  double t = now();
  for (int k = 0; k < replicates; k++) {
    law.resample(random);
    Chinchilla::warm(p);
    ceres::Solver::Summary s;
    ceres::Solve(options(200, 1e-6), &together, &s);
  }
  printf("bootstrap,ceres,fits per second,%.5g,\n", replicates / (now() - t));
  const int few = 400;
  std::vector<int> count(epoch.size());
  t = now();
  for (int k = 0; k < few; k++) {
    std::fill(count.begin(), count.end(), 0);
    for (size_t i = 0; i < epoch.size(); i++) count[random() % epoch.size()]++;
    Chinchilla::warm(p);
    std::deque<ceres::ScaledLoss> losses;
    ceres::Problem problem(lean());
    for (size_t i = 0; i < epoch.size(); i++) {
      if (count[i] == 0) continue;
      losses.emplace_back(&huber, count[i], ceres::DO_NOT_TAKE_OWNERSHIP);
      problem.AddResidualBlock(&runs[i], &losses.back(), p);
    }
    ceres::Solver::Summary s;
    ceres::Solve(options(200, 1e-6, ceres::DENSE_QR), &problem, &s);
  }
  printf("bootstrap,ceres as usual,fits per second,%.5g,\n", few / (now() - t));
}
