// The same fits by Ceres' TinySolver: a header, no allocation, normal equations, compiled with the laws
// (laws.h) by -O3 -march=native -ffast-math. Its tolerance of the cost is absolute, so that it is told
// the best cost times the tolerance of the others.
#include <ceres/tiny_solver.h>

#include "laws.h"

template <class Law>
static double solve(ceres::TinySolver<Law>& solver, const Law& law, double* p, double tolerance, int most) {
  solver.options.function_tolerance = 2 * tolerance;
  solver.options.cost_threshold = 0;
  solver.options.gradient_tolerance = 1e-16;
  solver.options.max_num_iterations = most;
  Eigen::Map<Eigen::Matrix<double, Law::NUM_PARAMETERS, 1>> at(p);
  Eigen::Matrix<double, Law::NUM_PARAMETERS, 1> x = at;
  double cost = solver.Solve(law, &x).final_cost;
  at = x;
  return cost;
}

int main(int, char** argv) {
  Farseer farseer(read_runs(argv[1]));
  auto starts = read_starts(argv[4]);
  starts.resize(500);
  const double best = atof(argv[3]), robust = 1.018274e-3;
  ceres::TinySolver<Farseer> large;
  std::vector<double> costs;
  double t = now();
  for (auto& start : starts) costs.push_back(solve(large, farseer, start.data(), 1e-8 * best, 100));
  t = now() - t;
  int at = at_best(costs, best);
  printf("farseer fit,tiny,good fits per second,%.5g,%d of %zu of the same starts\n", at / t, at,
         starts.size());

  Chinchilla law(read_runs(argv[2]), 1e-3);
  ceres::TinySolver<Chinchilla> small;
  double p[5];
  costs.clear();
  t = now();
  for (int k = 0; k < 4500; k++) {
    Chinchilla::grid(k, p);
    costs.push_back(solve(small, law, p, 1e-8 * robust, 100));
  }
  t = now() - t;
  double least = *std::min_element(costs.begin(), costs.end());
  printf("grid of 4500,tiny,seconds,%.5g,%.0f%% at the best\n", t, 100.0 * at_best(costs, least) / 4500);

  const int replicates = 4000;
  std::mt19937_64 random(1);
  t = now();
  for (int k = 0; k < replicates; k++) {
    law.resample(random);
    Chinchilla::warm(p);
    solve(small, law, p, 1e-6 * robust, 200);
  }
  printf("bootstrap,tiny,fits per second,%.5g,\n", replicates / (now() - t));
}
