package org.farfit.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, spoken to by the Chrome DevTools protocol. */
final class Browser implements AutoCloseable {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  /** The browser of this machine, if there is one. */
  static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Browser(Path browser, Path profile) throws IOException {
    process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader log = process.errorReader();
    String line = log.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = log.readLine();
    }
    if (line == null) {
      throw new IOException("the browser did not start");
    }
    Thread.ofVirtual().start(() -> log.lines().forEach(ignored -> {}));
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(line.substring(LISTENING.length())), new Receiver())
            .join();
  }

  /** Puts messages together and hands answers to those who wait. */
  private final class Receiver implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        try {
          JsonNode node = MAPPER.readTree(message.toString());
          if (node.has("id")) {
            answers.remove(node.get("id").asInt()).complete(node);
          } else {
            events.add(node);
          }
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
        message.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, data, last);
    }
  }

  private JsonNode call(String session, String method, Map<String, Object> parameters)
      throws Exception {
    int id = next.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = MAPPER.createObjectNode();
    message.put("id", id).put("method", method);
    message.set("params", MAPPER.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    JsonNode found = answer.get(60, TimeUnit.SECONDS);
    if (found.has("error")) {
      throw new IOException(found.get("error").toString());
    }
    return found.get("result");
  }

  /**
   * A page once it is drawn.
   *
   * @param complaints errors and warnings on the console, and exceptions
   * @param requests addresses that it asked for, besides its own
   * @param answer the value of a script that ran in it
   */
  record Page(List<String> complaints, List<String> requests, JsonNode answer) {}

  /** Opens a page in a window of some width and evaluates a script in it. */
  Page open(Path file, int width, String script) throws Exception {
    events.clear();
    String target =
        call("", "Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    String session =
        call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(session, domain + ".enable", Map.of());
    }
    call(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    String own = file.toUri().toString();
    call(session, "Page.navigate", Map.of("url", own));
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (events.stream().noneMatch(event -> is(event, "Page.loadEventFired"))) {
      if (System.nanoTime() > patience) {
        throw new IOException("the page did not load");
      }
      Thread.sleep(20);
    }
    JsonNode answer =
        call(
                session,
                "Runtime.evaluate",
                Map.of("expression", script, "returnByValue", true, "awaitPromise", true))
            .get("result")
            .get("value");
    List<String> complaints = new ArrayList<>();
    List<String> requests = new ArrayList<>();
    for (JsonNode event : events) {
      if (is(event, "Runtime.exceptionThrown")
          || is(event, "Runtime.consoleAPICalled")
          || is(event, "Log.entryAdded")) {
        complaints.add(event.get("params").toString());
      }
      if (is(event, "Network.requestWillBeSent")) {
        String address = event.get("params").get("request").get("url").asText();
        // Data and blob addresses do not leave the page.
        if (!address.equals(own) && !address.startsWith("data:") && !address.startsWith("blob:")) {
          requests.add(address);
        }
      }
    }
    call("", "Target.closeTarget", Map.of("targetId", target));
    return new Page(complaints, requests, answer);
  }

  private static boolean is(JsonNode event, String method) {
    return event.path("method").asText().equals(method);
  }

  /** Ends the browser and waits for all its processes, which write to its profile till the last. */
  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    for (ProcessHandle one : all) {
      one.onExit()
          .completeOnTimeout(one, 20, TimeUnit.SECONDS)
          .thenAccept(ProcessHandle::destroyForcibly)
          .thenCompose(ignored -> one.onExit())
          .join();
    }
  }
}
