package org.farfit.solver;
import java.nio.file.*;
class NistTry {
  public static void main(String[] a) throws Exception {
    SolverSettings s = new SolverSettings(Integer.parseInt(a[1]), Double.parseDouble(a[2]), Double.parseDouble(a[3]), Double.parseDouble(a[4]), Double.parseDouble(a[5]));
    int total=0;
    for (Path f : Files.list(Path.of(a[0])).sorted().toList()) {
      NistProblem p = NistProblem.read(f);
      Solutions sol = new BatchSolver(s, 1, ProgressListener.NONE).solve(p::evaluator, 1, 2, StartingPoints.of(p.starts()));
      for (int k=0;k<2;k++){
        double worst=99;
        double[] q=sol.parameters(k);
        for(int j=0;j<q.length;j++) worst=Math.min(worst, -Math.log10(Math.max(1e-16,Math.abs(q[j]/p.certified()[j]-1))));
        total+=sol.evaluations(k);
        System.out.printf("%s%-10s start %d digits %5.1f cost/cert %.6g %s evals %d%n", worst<6?"** ":"   ",p.name(),k+1,worst,2*sol.cost(k)/p.certifiedSum(),sol.status(k),sol.evaluations(k));
      }
    }
    System.out.println("evals "+total);
  }
}
