package org.farfit.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.farfit.data.InputLimits;
import org.farfit.data.Shown;

/**
 * Carries out requests of JSON-RPC 2.0, one message a line, several at once. Every request is a
 * command of {@link Main} on a thread of its own, begun in the order they came. Ends when there are
 * no more messages and all requests are answered, or when nobody reads the answers.
 */
final class RpcServer {

  /** Reads messages, strictly, and writes them, one a line. */
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(InputLimits.NESTING)
                          .maxNumberLength(InputLimits.NUMBER_CHARACTERS)
                          .maxStringLength(InputLimits.REQUEST_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Python writes them: then it is told where they are.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /** What is told to a client that may be gone, since only a failed write shows that it is. */
  private static final long HEARTBEAT_MILLIS = 500;

  /** How long requests of a client that is gone are waited for. */
  private static final long PATIENCE_MILLIS = 1000;

  /** Commands that are none to a program. */
  private static final Set<String> NO_METHODS = Set.of("serve", "help", "generate-completion");

  /** Methods that are no commands. */
  private static final String CANCEL = "cancel";

  private static final String VERSION = "version";

  private final InputStream in;
  private final OutputStream out;
  private final Turns turns;
  private final Semaphore taken = new Semaphore(InputLimits.REQUESTS);
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Host.EnginePool engines = new Host.EnginePool();
  private volatile boolean gone;

  /** A request that has an id, and the thread that carries it out. */
  private record Pending(JsonNode id, Thread thread) {}

  /**
   * A server.
   *
   * @param in messages, in UTF-8
   * @param out where answers and notifications go
   * @param atOnce how many requests may run at once; others wait
   */
  RpcServer(InputStream in, OutputStream out, int atOnce) {
    this.in = in;
    this.out = out;
    this.turns = new Turns(atOnce);
  }

  /** Whether a command may be called. */
  static boolean isMethod(String command) {
    return !NO_METHODS.contains(command);
  }

  /** Names of methods, for messages. */
  static String methods() {
    Set<String> names = new TreeSet<>(Main.commandLine().getSubcommands().keySet());
    names.removeAll(NO_METHODS);
    names.addAll(Set.of("bootstrap", CANCEL, VERSION));
    return String.join(", ", names);
  }

  /** Serves until the client has said all and has been answered, or is gone. */
  void serve() throws InterruptedException {
    Thread.ofPlatform().name("farfit-reader").daemon().start(this::readAll);
    try {
      ended.await();
      // Only now: before, the client is there, since it has not closed its end.
      while (!gone && !threads.isEmpty()) {
        pending.values().forEach(call -> notify(call.id(), "alive", JSON.createObjectNode()));
        awaitThreads(HEARTBEAT_MILLIS);
      }
    } finally {
      threads.forEach(Thread::interrupt);
      awaitThreads(PATIENCE_MILLIS);
      engines.close();
    }
  }

  private void awaitThreads(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (Thread thread : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || !thread.join(java.time.Duration.ofMillis(left))) {
        return;
      }
    }
  }

  private void readAll() {
    try (BufferedInputStream bytes = new BufferedInputStream(in)) {
      for (Optional<byte[]> line = line(bytes); line != null && !gone; line = line(bytes)) {
        take(line);
      }
    } catch (IOException e) {
      // As good as its end.
    } finally {
      ended.countDown();
    }
  }

  /** The next line; empty if it is too long; null if there is none. */
  private static Optional<byte[]> line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      tooLong |= line.size() >= InputLimits.REQUEST_BYTES;
      if (!tooLong) {
        line.write(next);
      }
    }
    return tooLong ? Optional.empty() : Optional.of(line.toByteArray());
  }

  private void take(Optional<byte[]> line) {
    try {
      if (line.isEmpty()) {
        throw new RpcException(
            RpcException.NOT_A_REQUEST,
            "a message is longer than the %,d bytes that it may have; give the name of a file"
                .formatted(InputLimits.REQUEST_BYTES));
      }
      String text = text(line.get());
      if (text.isBlank()) {
        return;
      }
      JsonNode message = JSON.readTree(text);
      if (message.isArray() && !message.isEmpty()) {
        takeAll((ArrayNode) message);
      } else {
        take(message, this::send);
      }
    } catch (RpcException e) {
      send(error(JSON.nullNode(), e));
    } catch (CharacterCodingException e) {
      send(error(JSON.nullNode(), new RpcException(RpcException.NOT_JSON, "is not UTF-8 text")));
    } catch (JsonProcessingException e) {
      send(
          error(
              JSON.nullNode(),
              new RpcException(
                  RpcException.NOT_JSON,
                  "is not JSON on one line: "
                      + Shown.text(e.getOriginalMessage().lines().findFirst().orElse("")))));
    } catch (OutOfMemoryError e) {
      send(
          error(
              JSON.nullNode(),
              new RpcException(
                  RpcException.INTERNAL, "a message needs more memory than there is")));
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** A batch: its answers are one message, once all are there. */
  private void takeAll(ArrayNode batch) {
    ArrayNode answers = JSON.createArrayNode();
    long expected = batch.valueStream().filter(each -> !isNotification(each)).count();
    for (JsonNode message : batch) {
      take(
          message,
          answer -> {
            boolean whole;
            synchronized (answers) {
              answers.add(answer);
              whole = answers.size() == expected;
            }
            if (whole) {
              send(answers);
            }
          });
    }
  }

  private static boolean isNotification(JsonNode message) {
    return message.isObject() && !message.has("id") && message.path("method").isTextual();
  }

  /** Carries out a message, on a thread of its own if it is work. */
  private void take(JsonNode message, Consumer<JsonNode> answers) {
    boolean silent = isNotification(message);
    JsonNode id = message.isObject() && message.has("id") ? message.get("id") : JSON.nullNode();
    Consumer<JsonNode> reply = silent ? answer -> {} : answers;
    try {
      check(message);
      String method = message.get("method").asText();
      ObjectNode parameters =
          message.hasNonNull("params")
              ? (ObjectNode) message.get("params")
              : JSON.createObjectNode();
      switch (method) {
        case CANCEL -> reply.accept(answer(id, cancel(parameters)));
        case VERSION ->
            reply.accept(answer(id, JSON.createObjectNode().put("version", Version.text())));
        default -> start(method, parameters, silent ? JSON.missingNode() : id, reply);
      }
    } catch (RpcException e) {
      boolean usable = id.isTextual() || id.isNumber();
      reply.accept(error(usable ? id : JSON.nullNode(), e));
    }
  }

  private void check(JsonNode message) throws RpcException {
    String problem =
        !message.isObject()
            ? "a message is an object, or an array with at least one"
            : !message.path("jsonrpc").asText().equals("2.0")
                ? "key 'jsonrpc' is not \"2.0\""
                : !message.path("method").isTextual()
                    ? "key 'method' is not the name of a method"
                    : message.has("id")
                            && !message.get("id").isTextual()
                            && !message.get("id").isNumber()
                            && !message.get("id").isNull()
                        ? "key 'id' is neither a text nor a number"
                        : message.hasNonNull("id")
                                && pending.containsKey(message.get("id").toString())
                            ? "a request with the id %s is still running"
                                .formatted(message.get("id"))
                            : null;
    if (problem != null) {
      throw new RpcException(RpcException.NOT_A_REQUEST, problem);
    }
    if (message.hasNonNull("params") && !message.get("params").isObject()) {
      throw new RpcException(
          RpcException.BAD_PARAMETERS, "key 'params' is no object: parameters have names");
    }
  }

  private JsonNode cancel(ObjectNode parameters) throws RpcException {
    if (!parameters.has("id")) {
      throw new RpcException(
          RpcException.BAD_PARAMETERS, "cancel needs the parameter 'id', that of a request");
    }
    Pending call = pending.get(parameters.get("id").toString());
    if (call != null) {
      call.thread().interrupt();
    }
    return JSON.createObjectNode().put("cancelled", call != null);
  }

  private void start(String method, ObjectNode parameters, JsonNode id, Consumer<JsonNode> reply) {
    // Until one is answered, no more are read.
    taken.acquireUninterruptibly();
    Turns.Turn turn = turns.next();
    Thread thread =
        Thread.ofPlatform()
            .name("farfit-request")
            .daemon()
            .unstarted(() -> {
              try {
                JsonNode answer = answered(turn, method, parameters, id);
                // An id is free again once its answer is on its way.
                pending.remove(id.toString());
                reply.accept(answer);
              } finally {
                threads.remove(Thread.currentThread());
                taken.release();
              }
            });
    threads.add(thread);
    if (!id.isMissingNode() && !id.isNull()) {
      pending.put(id.toString(), new Pending(id, thread));
    }
    thread.start();
  }

  private JsonNode answered(Turns.Turn turn, String method, ObjectNode parameters, JsonNode id) {
    try {
      turn.await();
      return answer(
          id,
          new RpcCall(method, parameters, (name, about) -> notify(id, name, about)).run(engines));
    } catch (RpcException e) {
      return error(id, e);
    } catch (InterruptedException e) {
      return error(id, RpcException.cancelled());
    } catch (RuntimeException | Error e) {
      return error(
          id,
          new RpcException(
              RpcException.INTERNAL, "this is a defect of farfit, please report it: " + e));
    } finally {
      turn.end();
    }
  }

  private static ObjectNode answer(JsonNode id, JsonNode result) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    answer.set("result", result);
    return answer;
  }

  private static ObjectNode error(JsonNode id, RpcException error) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id.isMissingNode() ? JSON.nullNode() : id);
    answer
        .putObject("error")
        .put("code", error.code())
        .put("message", error.getMessage())
        .putObject("data")
        .put("exitCode", error.exitCode());
    return answer;
  }

  private void notify(JsonNode id, String method, ObjectNode parameters) {
    if (id.isMissingNode()) {
      return;
    }
    ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method);
    ObjectNode about = message.putObject("params");
    about.set("id", id);
    about.setAll(parameters);
    send(message);
  }

  private void send(JsonNode message) {
    byte[] bytes;
    try {
      bytes = (JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (out) {
      try {
        if (!gone) {
          out.write(bytes);
          out.flush();
        }
      } catch (IOException e) {
        gone = true;
      }
    }
    if (gone) {
      ended.countDown();
    }
  }
}
