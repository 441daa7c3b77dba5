// The two laws as functions that Ceres and TinySolver minimise, written to be fast: all runs of a fit
// in one call, analytic Jacobians by columns, exponentials and logarithms vectorised by the compiler,
// and of farseer whatever depends on N alone once per distinct N.
#pragma once
#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

struct Run { double n, d, l; };

static std::vector<Run> read_runs(const char* path) {
  std::vector<Run> runs;
  FILE* f = fopen(path, "r");
  Run r;
  if (!f || fscanf(f, "%*[^\n]\n") != 0) exit(1);
  while (fscanf(f, "%lf,%lf,%lf", &r.n, &r.d, &r.l) == 3) runs.push_back(r);
  fclose(f);
  return runs;
}

// Points of farseer, nine numbers a line.
static std::vector<std::vector<double>> read_starts(const char* path) {
  std::vector<std::vector<double>> starts;
  FILE* f = fopen(path, "r");
  if (!f) exit(1);
  std::vector<double> p(9);
  while (fscanf(f, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5],
                &p[6], &p[7], &p[8]) == 9)
    starts.push_back(p);
  fclose(f);
  return starts;
}

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static int at_best(const std::vector<double>& costs, double best) {
  return std::count_if(costs.begin(), costs.end(), [&](double c) { return c <= 1.001 * best; });
}

// In the same centred coordinates as Farfit: cA, mA, alpha, h, mH, beta, cG, mG, gamma.
struct Farseer {
  typedef double Scalar;
  enum { NUM_RESIDUALS = Eigen::Dynamic, NUM_PARAMETERS = 9 };
  std::vector<double> y, t, x;
  std::vector<int> from;
  double lnD0 = 0;

  explicit Farseer(std::vector<Run> runs) {
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.n < b.n; });
    double lnN0 = 0;
    for (auto& r : runs) lnN0 += log(r.n) / runs.size(), lnD0 += log(r.d) / runs.size();
    for (size_t i = 0; i < runs.size(); i++) {
      if (i == 0 || runs[i].n != runs[i - 1].n) from.push_back(i), x.push_back(log(runs[i].n) - lnN0);
      y.push_back(log(runs[i].d) - lnD0);
      t.push_back(log(runs[i].l));
    }
    from.push_back(runs.size());
  }

  int NumResiduals() const { return y.size(); }

  // phi = (e^(s x) - 1) / s and its derivative by s
  static void curve(double s, double x, double& phi, double& slope) {
    double u = s * x;
    double e1 = std::abs(u) < 1e-3 ? 1 + u * (0.5 + u * (1 / 6. + u / 24)) : std::expm1(u) / u;
    double e2 = std::abs(u) < 1e-3 ? 0.5 + u * (1 / 3. + u * (0.125 + u / 30)) : (std::exp(u) - e1) / u;
    phi = x * e1;
    slope = x * x * e2;
  }

  bool operator()(const double* p, double* r, double* J) const {
    const int n = y.size();
    const double c = std::exp(p[0]), mB = p[4] + c * lnD0 * p[1];
    for (size_t g = 0; g + 1 < from.size(); g++) {
      double fA, dA, fB, dB, fG, dG;
      curve(p[2], x[g], fA, dA);
      curve(p[5], x[g], fB, dB);
      curve(p[8], x[g], fG, dG);
      const double A = std::exp(p[0] + p[1] * fA), aA = A * p[1] * dA, U = p[6] + p[7] * fG;
      const double v0 = lnD0 * (c * (1 + p[1] * fB) - A), v1 = lnD0 * (c * fB - A * fA);
      const double V = p[3] + p[4] * fB + v0, v2 = -lnD0 * aA, v5 = mB * dB, u8 = p[7] * dG;
#pragma omp simd
      for (int i = from[g]; i < from[g + 1]; i++) {
        const double v = V - A * y[i], m = std::max(U, v);
        const double eu = std::exp(U - m), ev = std::exp(v - m), s = eu + ev;
        r[i] = m + std::log(s) - t[i];
        if (J) {
          const double sg = eu / s, sb = ev / s, by = -sb * y[i];
          J[i] = sb * v0 + by * A;
          J[n + i] = sb * v1 + by * A * fA;
          J[2 * n + i] = sb * v2 + by * aA;
          J[3 * n + i] = sb;
          J[4 * n + i] = sb * fB;
          J[5 * n + i] = sb * v5;
          J[6 * n + i] = sg;
          J[7 * n + i] = sg * fG;
          J[8 * n + i] = sg * u8;
        }
      }
    }
    return true;
  }
};

// ln E, ln A, ln B, alpha, beta under Huber's loss: residuals are sign(r) sqrt(2 rho(r)), half of whose
// squares is the loss, times the root of how often a run was drawn.
struct Chinchilla {
  typedef double Scalar;
  enum { NUM_RESIDUALS = Eigen::Dynamic, NUM_PARAMETERS = 5 };
  std::vector<double> x, y, t, root;
  double delta;

  Chinchilla(const std::vector<Run>& runs, double delta) : root(runs.size(), 1), delta(delta) {
    for (auto& r : runs) x.push_back(log(r.n)), y.push_back(log(r.d)), t.push_back(log(r.l));
  }

  int NumResiduals() const { return x.size(); }

  template <class Random>
  void resample(Random& random) {
    std::vector<double> count(x.size(), 0);
    for (size_t i = 0; i < x.size(); i++) count[random() % x.size()]++;
    for (size_t i = 0; i < x.size(); i++) root[i] = sqrt(count[i]);
  }

  bool operator()(const double* p, double* r, double* J) const {
    const int n = x.size();
#pragma omp simd
    for (int i = 0; i < n; i++) {
      const double a = p[1] - p[3] * x[i], b = p[2] - p[4] * y[i], m = std::max(p[0], std::max(a, b));
      const double e = std::exp(p[0] - m), ea = std::exp(a - m), eb = std::exp(b - m), s = e + ea + eb;
      const double f = m + std::log(s) - t[i], size = std::abs(f);
      const double beyond = std::sqrt(std::max(2 * delta * size - delta * delta, delta * delta));
      r[i] = root[i] * (size <= delta ? f : std::copysign(beyond, f));
      if (J) {
        const double w = root[i] * (size <= delta ? 1 : delta / beyond) / s;
        J[i] = w * e;
        J[n + i] = w * ea;
        J[2 * n + i] = w * eb;
        J[3 * n + i] = -x[i] * w * ea;
        J[4 * n + i] = -y[i] * w * eb;
      }
    }
    return true;
  }

  // Start k of the published grid.
  static void grid(int k, double* p) {
    p[3] = 0.5 * (k % 5), k /= 5;
    p[4] = 0.5 * (k % 5), k /= 5;
    p[0] = -1 + 0.5 * (k % 5), k /= 5;
    p[1] = 5.0 * (k % 6);
    p[2] = 5.0 * (k / 6);
  }

  static void warm(double* p) {
    const double at[5] = {log(1.817218), log(477.826), log(2143.417), 0.347310, 0.367172};
    std::copy(at, at + 5, p);
  }
};
