package org.farfit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code farfit serve}: the commands as requests of JSON-RPC, from a process that stays warm. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Answers requests of other programs on standard input: JSON-RPC 2.0.",
      "One message a line. The methods are the commands, their results the documents of --json. See"
          + " docs/serve.md."
    },
    footer = {
      "",
      "Example:",
      "  echo '{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"fit\", \"params\": {\"law\":"
          + " \"chinchilla\"}}' \\",
      "      | farfit serve"
    })
final class ServeCommand implements Callable<Integer> {

  /** Small requests find a place beside long ones. */
  private static final int LEAST_AT_ONCE = 4;

  @Option(
      names = "--requests",
      paramLabel = "K",
      converter = ThreadsChoice.ThreadCount.class,
      description =
          "How many requests run at once; others wait their turn (default: one a core, at least 4).")
  Integer requests;

  @Override
  public Integer call() throws InterruptedException, IOException {
    int atOnce =
        requests == null
            ? Math.max(LEAST_AT_ONCE, Runtime.getRuntime().availableProcessors())
            : requests;
    // Whatever else prints must not come between messages.
    System.setOut(System.err);
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      new RpcServer(System.in, out, atOnce).serve();
    }
    return ExitCode.DONE;
  }
}
