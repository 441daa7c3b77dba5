// Cost, gradient and J'J of the farseer law, plainly written: one problem after the other, no
// factorisation by N, exponentials vectorised by the compiler (-O3 -ffast-math, libmvec).
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

static std::vector<double> N, D, L;

static void evaluate(const double* p, double* scratch, double& cost, double* g, double* h) {
  const int n = N.size();
  double* J = scratch;           // 9 columns of n
  double* r = scratch + 9 * n;
  const double *lnN = scratch + 10 * n, *lnD = scratch + 11 * n, *lnL = scratch + 12 * n;
#pragma omp simd
  for (int i = 0; i < n; i++) {
    // published coordinates: a1 alpha b1 a2 beta b2 a3 gamma b3
    double na = std::exp(p[1] * lnN[i]), nb = std::exp(p[4] * lnN[i]), ng = std::exp(p[7] * lnN[i]);
    double A = std::exp(p[0] * na + p[2]);
    double G = std::exp(p[6] * ng + p[8]);
    double B = std::exp(p[3] * nb + p[5] - A * lnD[i]);
    double l = G + B, sg = G / l, sb = B / l;
    r[i] = std::log(l) - lnL[i];
    double byA = -sb * A * lnD[i];
    J[i] = byA * na;
    J[n + i] = byA * p[0] * na * lnN[i];
    J[2 * n + i] = byA;
    J[3 * n + i] = sb * nb;
    J[4 * n + i] = sb * p[3] * nb * lnN[i];
    J[5 * n + i] = sb;
    J[6 * n + i] = sg * ng;
    J[7 * n + i] = sg * p[6] * ng * lnN[i];
    J[8 * n + i] = sg;
  }
  cost = 0;
  for (int i = 0; i < n; i++) cost += 0.5 * r[i] * r[i];
  for (int a = 0, e = 0; a < 9; a++) {
    double s = 0;
    for (int i = 0; i < n; i++) s += J[a * n + i] * r[i];
    g[a] = s;
    for (int b = 0; b <= a; b++, e++) {
      double t = 0;
      for (int i = 0; i < n; i++) t += J[a * n + i] * J[b * n + i];
      h[e] = t;
    }
  }
}

int main(int argc, char** argv) {
  FILE* f = fopen(argv[1], "r");
  double a, b, c;
  if (!f || fscanf(f, "%*[^\n]\n") != 0) return 1;
  while (fscanf(f, "%lf,%lf,%lf", &a, &b, &c) == 3) N.push_back(a), D.push_back(b), L.push_back(c);
  const int n = N.size(), K = 20000;
  std::vector<double> scratch(13 * n);
  for (int i = 0; i < n; i++) {
    scratch[10 * n + i] = std::log(N[i]);
    scratch[11 * n + i] = std::log(D[i]);
    scratch[12 * n + i] = std::log(L[i]);
  }
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  double base[9] = {-0.124, 0.123, 0.424, 88.01, -0.1, -6.287, -0.021, 0.169, -0.091};
  double cost, g[9], h[45], sum = 0, best = 1e300;
  for (int repeat = 0; repeat < 5; repeat++) {
    auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < K; k++) {
      double p[9];
      for (int j = 0; j < 9; j++) p[j] = base[j] * (1 + 1e-3 * ((k * 7 + j) % 11 - 5));
      evaluate(p, scratch.data(), cost, g, h);
      sum += cost + g[3] + h[20];
    }
    double us = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * 1e6 / K;
    best = us < best ? us : best;
  }
  printf("evaluate,cpp-plain,us per problem,%.4g,\n", best);
  return std::isfinite(sum) ? 0 : 2;
}
