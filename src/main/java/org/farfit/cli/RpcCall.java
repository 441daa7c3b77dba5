package org.farfit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * One request that is being carried out: a command with outputs of its own, whose JSON is the
 * result, and whose log becomes notifications.
 */
final class RpcCall {

  /** Begins the message with which a command ends. */
  private static final String MESSAGE = "farfit: ";

  /** Ends it where the command line was misused; it speaks of the command line. */
  private static final String ADVICE = "Try '";

  /** A method that is a command under another name. */
  private static final String BOOTSTRAP = "bootstrap";

  private static final String SWEEP = "sweep";

  /** What {@code farfit fit --bootstrap} is usually given. */
  private static final int USUAL_REPLICATES = 10_000;

  /** At most so many notifications of progress a second and task. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final String method;
  private final ObjectNode parameters;
  private final BiConsumer<String, ObjectNode> notify;
  private final Map<String, Long> reported = new ConcurrentHashMap<>();
  private final long start = System.nanoTime();

  /**
   * A call.
   *
   * @param notify is given notifications: method and parameters, to which the request's id is added
   */
  RpcCall(String method, ObjectNode parameters, BiConsumer<String, ObjectNode> notify) {
    this.method = method;
    this.parameters = parameters;
    this.notify = notify;
  }

  /**
   * Runs the command on this thread.
   *
   * @return the result, as JSON
   * @throws RpcException if it has none
   */
  JsonNode run(Host.EnginePool engines) throws RpcException {
    if (method.equals(SWEEP) && !parameters.hasNonNull("out") && !isDryRun()) {
      return sweepWithoutFile(engines);
    }
    if (method.equals(BOOTSTRAP)) {
      ObjectNode asked = parameters.deepCopy();
      JsonNode replicates = asked.remove("replicates");
      if (replicates != null || !asked.has(BOOTSTRAP)) {
        asked.set(BOOTSTRAP, replicates == null ? asked.numberNode(USUAL_REPLICATES) : replicates);
      }
      return result(run("fit", asked, engines));
    }
    return result(run(method, parameters, engines));
  }

  private boolean isDryRun() {
    return parameters.path("dryRun").asBoolean();
  }

  /** A sweep writes a table; where no file was asked for, it is part of the result. */
  private JsonNode sweepWithoutFile(Host.EnginePool engines) throws RpcException {
    try {
      Path folder = Files.createTempDirectory("farfit-sweep");
      Path table = folder.resolve("table.jsonl");
      try {
        ObjectNode asked = parameters.deepCopy();
        asked.put("out", table.toString());
        ObjectNode result = (ObjectNode) RpcServer.JSON.readTree(run(SWEEP, asked, engines));
        result.putNull("result");
        try (Stream<String> lines = Files.lines(table)) {
          lines.forEach(line -> result.withArray("table").addRawValue(new RawValue(line)));
        }
        return result;
      } finally {
        try (Stream<Path> left = Files.walk(folder)) {
          left.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(String name, ObjectNode asked, Host.EnginePool engines) throws RpcException {
    CommandLine all = Main.commandLine().setExpandAtFiles(false);
    CommandLine command = all.getSubcommands().get(name);
    if (command == null || !RpcServer.isMethod(name)) {
      throw new RpcException(
          RpcException.UNKNOWN_METHOD,
          "unknown method '%s'; the methods are %s".formatted(name, RpcServer.methods()));
    }
    StringWriter output = new StringWriter();
    Log log = new Log();
    try (RpcParameters given = new RpcParameters(name, command.getCommandSpec(), asked)) {
      all.registerConverter(Path.class, given::path)
          .setOut(new PrintWriter(output))
          .setErr(new PrintWriter(log));
      int exitCode =
          ScopedValue.where(Host.CURRENT, new Host(this::progress, engines))
              .call(() -> all.execute(given.arguments()));
      all.getOut().flush();
      all.getErr().flush();
      boolean hasResult =
          exitCode == ExitCode.DONE
              || (exitCode == ExitCode.NOT_CONVERGED && !output.toString().isEmpty());
      if (Thread.currentThread().isInterrupted() || exitCode == ExitCode.INTERRUPTED) {
        throw RpcException.cancelled();
      }
      if (!hasResult) {
        throw RpcException.of(exitCode, log.message());
      }
    }
    return output.toString();
  }

  /** JSON as it is, on one line; tables of a command that has no JSON as a text. */
  private static JsonNode result(String text) {
    return text.startsWith("{")
        // A line break of a text is written as an escape: these are between values.
        ? JsonNodeFactory.instance.rawValueNode(new RawValue(text.replaceAll("\\R *", "")))
        : JsonNodeFactory.instance.objectNode().put("text", text);
  }

  private void progress(String task, int done, int total) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled");
    }
    long now = System.nanoTime();
    Long before = reported.get(task);
    if (done < total && before != null && now - before < PAUSE_NANOS) {
      return;
    }
    reported.put(task, now);
    notify.accept(
        "progress",
        JsonNodeFactory.instance
            .objectNode()
            .put("task", task)
            .put("done", done)
            .put("total", total)
            .put("seconds", (now - start) / 1e9));
  }

  /** The lines that a command logs. */
  private final class Log extends Writer {

    private final StringBuilder line = new StringBuilder();
    private final StringBuilder message = new StringBuilder();

    @Override
    public void write(char[] characters, int offset, int length) {
      line.append(characters, offset, length);
      for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
        tell(line.substring(0, end).stripTrailing());
        line.delete(0, end + 1);
      }
    }

    private void tell(String text) {
      if (text.startsWith(MESSAGE)) {
        message.setLength(0);
        message.append(text, MESSAGE.length(), text.length());
      } else if (!message.isEmpty() && !text.startsWith(ADVICE)) {
        message.append('\n').append(text);
      } else if (!text.startsWith(ADVICE)) {
        notify.accept("log", JsonNodeFactory.instance.objectNode().put("message", text));
      }
    }

    /** The message with which the command ended. */
    String message() {
      return message.isEmpty() ? "ended without a message" : message.toString().strip();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
