package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.farfit.data.InputLimits;
import org.farfit.engine.Calibration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests are answered as the command line would, whatever else goes on. */
@Timeout(120)
class RpcServerTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  /** A server on threads of this process, and what it says. */
  private static final class Client implements AutoCloseable {

    private final PipedOutputStream requests = new PipedOutputStream();
    private final BlockingQueue<JsonNode> said = new LinkedBlockingQueue<>();
    private final List<JsonNode> notifications = new ArrayList<>();
    private final Thread server;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Client(int atOnce) throws IOException {
      InputStream in = new PipedInputStream(requests, 1 << 20);
      OutputStream out =
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              if (b == '\n') {
                said.add(JSON.readTree(line.toString(StandardCharsets.UTF_8)));
                line.reset();
              } else {
                line.write(b);
              }
            }
          };
      server =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  new RpcServer(in, out, atOnce).serve();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    void say(String text) throws IOException {
      requests.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      requests.flush();
    }

    void ask(Object id, String method, Map<String, ?> parameters) throws IOException {
      say(
          JSON.writeValueAsString(
              Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", parameters)));
    }

    /** The next message that is no notification. */
    JsonNode answer() throws InterruptedException {
      for (JsonNode next = next(); ; next = next()) {
        if (!next.has("method")) {
          return next;
        }
        notifications.add(next);
      }
    }

    JsonNode next() throws InterruptedException {
      JsonNode next = said.poll(60, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    JsonNode result(String method, Map<String, ?> parameters) throws Exception {
      ask(1, method, parameters);
      JsonNode answer = answer();
      assertThat(answer.path("error").toString()).isEmpty();
      return answer.path("result");
    }

    @Override
    public void close() throws IOException {
      requests.close();
      try {
        assertThat(server.join(Duration.ofSeconds(30))).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static JsonNode onCommandLine(String... arguments) throws JsonProcessingException {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.log()).isZero();
    return JSON.readTree(run.output());
  }

  private static JsonSchema schema(String definition) throws IOException {
    ObjectNode all =
        (ObjectNode) JSON.readTree(Path.of("..", "docs", "results.schema.json").toFile());
    all.remove("oneOf");
    all.put("$ref", "#/$defs/" + definition);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(all);
  }

  private static void check(String definition, JsonNode document) throws IOException {
    assertThat(schema(definition).validate(document)).isEmpty();
  }

  /** A fit file, and its text as JSON. */
  private Path fitFile(String name, String seed) {
    Path fit = folder.resolve(name);
    CommandRun run =
        CommandRun.of(
            "fit",
            "--law",
            "chinchilla,kaplan",
            "--starts",
            "10",
            "--bootstrap",
            "30",
            "--seed",
            seed,
            "--engine",
            "scalar",
            "--out",
            fit.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    return fit;
  }

  @Test
  void resultsAreTheDocumentsOfTheCommandLine() throws Exception {
    Path a = fitFile("a.json", "1");
    Path b = fitFile("b.json", "2");
    JsonNode inlineA = JSON.readTree(a.toFile());
    JsonNode inlineB = JSON.readTree(b.toFile());
    String nameA = a.toString();
    try (Client client = new Client(2)) {
      assertThat(
              client.result(
                  "fit",
                  Map.of("law", "chinchilla", "starts", 10, "engine", "scalar", "bootstrap", 20)))
          .isEqualTo(
              onCommandLine(
                  "fit",
                  "--json",
                  "--law",
                  "chinchilla",
                  "--starts",
                  "10",
                  "--engine",
                  "scalar",
                  "--bootstrap",
                  "20"));
      JsonNode predicted =
          client.result(
              "predict", Map.of("fit", inlineA, "n", List.of(1e9, 2e9), "d", 2e10, "interval", 90));
      assertThat(predicted)
          .isEqualTo(
              onCommandLine(
                  "predict", nameA, "--n", "1e9,2e9", "--d", "2e10", "--interval", "90", "--json"));
      check("predict", predicted);
      assertThat(
              client.result(
                  "predict", Map.of("fit", nameA, "at", List.of(Map.of("N", 1e9, "D", 2e10)))))
          .isEqualTo(onCommandLine("predict", nameA, "--at", "N=1e9,D=2e10", "--json"));
      JsonNode allocated =
          client.result(
              "allocate", Map.of("fit", inlineA, "compute", List.of(1e20, 1e21), "within", 1));
      assertThat(allocated)
          .isEqualTo(
              onCommandLine(
                  "allocate", nameA, "--compute", "1e20,1e21", "--within", "1", "--json"));
      check("allocate", allocated);
      JsonNode compared = client.result("compare", Map.of("a", inlineA, "b", inlineB, "grid", 3));
      assertThat(compared)
          .isEqualTo(onCommandLine("compare", nameA, b.toString(), "--grid", "3", "--json"));
      check("compare", compared);
      JsonNode validated =
          client.result(
              "validate",
              Map.of(
                  "law",
                  List.of("chinchilla", "kaplan"),
                  "starts",
                  10,
                  "holdout",
                  "top:0.25",
                  "engine",
                  "scalar"));
      assertThat(validated)
          .isEqualTo(
              onCommandLine(
                  "validate",
                  "--law",
                  "chinchilla,kaplan",
                  "--starts",
                  "10",
                  "--holdout",
                  "top:0.25",
                  "--engine",
                  "scalar",
                  "--json"));
      check("validate", validated);
      JsonNode laws = client.result("laws", Map.of());
      assertThat(laws).isEqualTo(onCommandLine("laws", "--json"));
      check("laws", laws);
      JsonNode engines = client.result("engines", Map.of());
      check("engines", engines);
      ((ObjectNode) engines.get("engines").get(0))
          .set("measured", JSON.valueToTree(List.of(new Calibration(0.5, 2, 3))));
      check("engines", engines);
      check("version", client.result("version", Map.of()));
      check("text", client.result("laws", Map.of("name", "chinchilla")));
    }
  }

  private Path runs() throws IOException {
    Path runs = folder.resolve("runs.csv");
    CommandRun run =
        CommandRun.of("simulate", "--law", "chinchilla", "--seed", "3", "--out", runs.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    return runs;
  }

  @Test
  void dataMayComeAlong() throws Exception {
    Path runs = runs();
    List<String> lines = Files.readAllLines(runs);
    List<String> header = List.of(lines.getFirst().split(","));
    Map<String, List<Double>> columns =
        header.stream()
            .collect(
                Collectors.toMap(
                    name -> name,
                    name ->
                        lines.stream()
                            .skip(1)
                            .map(line -> Double.valueOf(line.split(",")[header.indexOf(name)]))
                            .toList()));
    try (Client client = new Client(2)) {
      Map<String, Object> asked = Map.of("law", "chinchilla", "starts", 10);
      Map<String, Object> file = new java.util.HashMap<>(asked);
      file.put("runs", runs.toString());
      Map<String, Object> inline = new java.util.HashMap<>(asked);
      inline.put("runs", columns);
      JsonNode ofFile = client.result("fit", file);
      JsonNode ofColumns = client.result("fit", inline);
      assertThat(ofColumns.path("fits")).isEqualTo(ofFile.path("fits"));
      assertThat(ofColumns.path("data")).isEqualTo(ofFile.path("data"));
      assertThat(ofColumns.path("input").path("file").asText()).isEqualTo("data");

      JsonNode swept =
          client.result(
              "sweep",
              Map.of(
                  "spec",
                  Map.of(
                      "inputs",
                      List.of(runs.toString()),
                      "laws",
                      List.of("chinchilla", "kaplan"),
                      "starts",
                      10)));
      check("sweep", swept);
      assertThat(swept.path("rows").asInt()).isEqualTo(2);
      assertThat(swept.path("table")).hasSize(2);
      assertThat(swept.path("table").path(0).path("law").asText()).isEqualTo("chinchilla");
    }
  }

  @Test
  void messagesThatAreNoneAreTold() throws Exception {
    try (Client client = new Client(1)) {
      Map<String, Integer> codes =
          Map.of(
              "{bad",
              -32700,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"laws\"}",
              -32700,
              "[]",
              -32600,
              "7",
              -32600,
              "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"laws\"}",
              -32600,
              "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"laws\"}",
              -32600,
              "{\"jsonrpc\":\"2.0\",\"id\":1}",
              -32600,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"serve\"}",
              -32601,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"laws\",\"params\":[1]}",
              -32602,
              "[".repeat(1000),
              -32700);
      for (Map.Entry<String, Integer> each : codes.entrySet()) {
        client.say(each.getKey());
        JsonNode answer = client.answer();
        assertThat(answer.path("error").path("code").asInt())
            .as(each.getKey())
            .isEqualTo(each.getValue());
        check("answer", answer);
      }
      client.say(
          "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"fit\",\"params\":{\"runs\":"
              + "{\"N\":[1e8,2e8],\"D\":[1e9,2e9],\"loss\":[3,NaN]}}}");
      assertThat(client.answer().path("error").path("message").asText())
          .startsWith(
              "data: line 2: column 'loss': found 'NaN', expected a positive finite number");
      client.ask("x", "laws", Map.of());
      assertThat(client.answer().path("id").asText()).isEqualTo("x");
    }
  }

  private static JsonNode error(Client client, String method, Map<String, ?> parameters)
      throws Exception {
    client.ask(5, method, parameters);
    JsonNode answer = client.answer();
    assertThat(answer.path("id").asInt()).isEqualTo(5);
    check("answer", answer);
    return answer.path("error");
  }

  @Test
  void errorsAreThoseOfTheCommandLine() throws Exception {
    try (Client client = new Client(1)) {
      JsonNode unknown = error(client, "fit", Map.of("lwa", "kaplan"));
      assertThat(unknown.path("code").asInt()).isEqualTo(-32602);
      assertThat(unknown.path("message").asText()).startsWith("fit has no parameter 'lwa'");
      JsonNode usage = error(client, "fit", Map.of("starts", "many"));
      assertThat(usage.path("code").asInt()).isEqualTo(-32602);
      String onCommandLine = CommandRun.of("fit", "--starts", "many").log();
      assertThat(onCommandLine).startsWith("farfit: " + usage.path("message").asText());
      assertThat(usage.path("message").asText()).doesNotContain("Try");
      JsonNode missing = error(client, "predict", Map.of("n", 1, "d", 1));
      assertThat(missing.path("message").asText()).isEqualTo("predict needs the parameter 'fit'");
      JsonNode input = error(client, "fit", Map.of("runs", "nowhere.csv"));
      assertThat(input.path("code").asInt()).isEqualTo(-32003);
      assertThat(input.path("data").path("exitCode").asInt()).isEqualTo(3);
      assertThat(CommandRun.of("fit", "nowhere.csv").log())
          .isEqualTo("farfit: %s%n", input.path("message").asText());
      JsonNode cell =
          error(
              client,
              "fit",
              Map.of(
                  "runs", Map.of("N", List.of(1e8, -1), "D", List.of(1, 1), "L", List.of(2, 1))));
      assertThat(cell.path("message").asText())
          .startsWith("data: line 2: column 'N': found '-1', expected a positive finite number");
      JsonNode ragged =
          error(client, "fit", Map.of("runs", Map.of("N", List.of(1), "D", List.of(1, 2))));
      assertThat(ragged.path("message").asText()).contains("columns of one length");
      JsonNode engine = error(client, "fit", Map.of("engine", "abacus"));
      assertThat(engine.path("code").asInt()).isEqualTo(-32005);
      // Names of files are not read as lists of arguments.
      assertThat(error(client, "fit", Map.of("runs", "@nowhere")).path("message").asText())
          .startsWith("@nowhere: no such file");
    }
  }

  @Test
  void aMessageThatIsTooLongIsToldAndTheNextIsRead() throws Exception {
    InputStream tooLong = new ByteArrayInputStream(new byte[InputLimits.REQUEST_BYTES + 1]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RpcServer(
            new SequenceInputStream(
                tooLong,
                new ByteArrayInputStream(
                    "\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"version\"}"
                        .getBytes(StandardCharsets.UTF_8))),
            out,
            1)
        .serve();
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("-32600", "longer than the 67,108,864 bytes");
    assertThat(lines.getLast()).contains("\"id\":2", "version");
  }

  @Test
  void requestsRunAtOnceEachWithItsOwnResult() throws Exception {
    try (Client client = new Client(4)) {
      for (int seed = 1; seed <= 8; seed++) {
        client.ask(
            seed,
            "fit",
            Map.of("law", "kaplan", "starts", 5, "seed", seed, "engine", "scalar", "threads", 1));
      }
      for (int k = 0; k < 8; k++) {
        JsonNode answer = client.answer();
        assertThat(answer.path("result").path("options").path("seed").asInt())
            .isEqualTo(answer.path("id").asInt());
      }
      for (JsonNode notification : client.notifications) {
        check("notification", notification);
      }
      assertThat(client.notifications)
          .anyMatch(each -> each.path("method").asText().equals("progress"))
          .anyMatch(each -> each.path("method").asText().equals("log"));
    }
  }

  private static final Map<String, ?> LONG =
      Map.of("law", "farseer", "starts", 20, "replicates", 1_000_000);

  @Test
  void cancelledRequestsEndAndOthersGoOn() throws Exception {
    try (Client client = new Client(1)) {
      client.ask("long", "bootstrap", LONG);
      client.ask("waiting", "laws", Map.of());
      for (JsonNode next = client.next();
          !next.path("params").path("task").asText().startsWith("bootstrap");
          next = client.next()) {
        assertThat(next.path("id").isMissingNode()).as(next.toString()).isTrue();
      }
      // One of an id at a time.
      client.ask("long", "laws", Map.of());
      assertThat(client.answer().path("error").path("code").asInt()).isEqualTo(-32600);
      client.say("{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"id\":\"waiting\"}}");
      JsonNode never = client.answer();
      assertThat(never.path("id").asText()).isEqualTo("waiting");
      assertThat(never.path("error").path("code").asInt()).isEqualTo(-32800);
      client.ask(3, "cancel", Map.of("id", "long"));
      List<JsonNode> answers = List.of(client.answer(), client.answer());
      assertThat(answers)
          .anyMatch(each -> each.path("result").path("cancelled").asBoolean())
          .anyMatch(each ->
              each.path("id").asText().equals("long")
                  && each.path("error").path("code").asInt() == -32800);
      assertThat(client.result("cancel", Map.of("id", "long")).path("cancelled").asBoolean())
          .isFalse();
      assertThat(client.result("laws", Map.of()).path("laws").size()).isPositive();
    }
  }

  @Test
  void batchesAreAnsweredTogetherAndNotificationsNotAtAll() throws Exception {
    try (Client client = new Client(2)) {
      client.say(
          "[{\"jsonrpc\":\"2.0\",\"method\":\"laws\"},"
              + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"version\"},"
              + "7,{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"laws\"}]");
      JsonNode answers = client.answer();
      assertThat(answers).isInstanceOf(ArrayNode.class).hasSize(3);
      client.say("{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}");
      client.ask(9, "version", Map.of());
      assertThat(client.answer().path("id").asInt()).isEqualTo(9);
    }
  }

  @Test
  void aClientThatIsGoneEndsIt() throws Exception {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    String request =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", 1, "method", "bootstrap", "params", LONG));
    long start = System.nanoTime();
    new RpcServer(
            new ByteArrayInputStream((request + "\n").getBytes(StandardCharsets.UTF_8)), closed, 1)
        .serve();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void theProcessSaysNothingButMessages() throws Exception {
    Path requests =
        Files.writeString(
            folder.resolve("requests"),
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"fit\",\"params\":{\"law\":\"kaplan\",\"starts\":5}}\n");
    Path answers = folder.resolve("answers");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve")
            .redirectInput(requests.toFile())
            .redirectOutput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    List<String> lines = Files.readAllLines(answers);
    for (String line : lines) {
      assertThat(JSON.readTree(line).path("jsonrpc").asText()).isEqualTo("2.0");
    }
    assertThat(JSON.readTree(lines.getLast()).path("result").path("fits")).hasSize(1);
  }

  /** A client that has no time to say anything: only its ends of the pipes close. */
  @Test
  void aKilledClientEndsTheProcessWhileItWorks() throws Exception {
    String request =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", 1, "method", "bootstrap", "params", LONG));
    String script =
        """
        coproc "$1" -cp "$2" org.farfit.cli.Main serve 2>/dev/null
        echo "$COPROC_PID"
        echo "$3" >&"${COPROC[1]}"
        while read -r -u "${COPROC[0]}" line; do echo "$line"; done
        """;
    Process client =
        new ProcessBuilder(
                "bash",
                "-c",
                script,
                "client",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                request)
            .start();
    try (BufferedReader said = client.inputReader(StandardCharsets.UTF_8)) {
      ProcessHandle server = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      try {
        String line = said.readLine();
        while (line != null && !line.contains("\"progress\"")) {
          line = said.readLine();
        }
        assertThat(line).contains("progress");
        client.destroyForcibly().waitFor();
        assertThat(server.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
      } finally {
        server.destroyForcibly();
      }
    }
  }
}
