package org.farfit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The parameters of a request as the arguments of a command. Each option is a parameter, {@code
 * --n-column} being {@code nColumn}, and each file that a command reads is one: its name, or what
 * it holds, which becomes a file in memory that only this request sees.
 */
final class RpcParameters implements AutoCloseable {

  /** Options that make no sense in a request. */
  private static final Set<String> LEFT_OUT =
      Set.of("--json", "--help", "--version", "--quiet", "--verbose");

  /** Begins what stands for a file in memory; no name of a file has it. */
  private static final String INLINE = "\0";

  /** Whole numbers that doubles have exactly. */
  private static final double MOST_WHOLE = 1e15;

  private final String method;
  private final Map<String, ArgSpec> known = new TreeMap<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<String> positionals = new ArrayList<>();
  private FileSystem memory;

  /**
   * Reads the parameters of a request.
   *
   * @param method the command
   * @throws RpcException if there is an unknown one, or one is not of the kind that it should be
   */
  RpcParameters(String method, CommandSpec command, ObjectNode parameters) throws RpcException {
    this.method = method;
    for (OptionSpec option : command.options()) {
      if (!LEFT_OUT.contains(option.longestName())) {
        known.put(name(option.longestName()), option);
      }
    }
    for (PositionalParamSpec positional : command.positionalParameters()) {
      known.put(name(positional), positional);
    }
    arguments.add(method);
    if (command.findOption("--json") != null) {
      arguments.add("--json");
    }
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      add(parameter.getKey(), parameter.getValue());
    }
    addPositionals(command, parameters);
  }

  /** The arguments, the name of the command first. */
  String[] arguments() {
    return arguments.toArray(String[]::new);
  }

  /** The file that an argument names, in memory or not. */
  Path path(String argument) {
    return argument.startsWith(INLINE)
        ? memory.getPath(argument.substring(INLINE.length()))
        : Path.of(argument);
  }

  /** {@code --n-column} as {@code nColumn}. */
  private static String name(String option) {
    StringBuilder name = new StringBuilder();
    for (String word : option.substring(2).split("-", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }

  /** {@code FIT.json} as {@code fit}. */
  private static String name(PositionalParamSpec positional) {
    return positional.paramLabel().replaceFirst("\\..*", "").toLowerCase(java.util.Locale.ROOT);
  }

  private void add(String name, JsonNode value) throws RpcException {
    ArgSpec argument = known.get(name);
    if (argument == null) {
      throw new RpcException(
          RpcException.BAD_PARAMETERS,
          "%s has no parameter '%s'; it has %s"
              .formatted(method, name, String.join(", ", known.keySet())));
    }
    if (value.isNull() || !(argument instanceof OptionSpec option)) {
      return;
    }
    String written = option.longestName();
    if (value.isBoolean()) {
      if (option.arity().max() > 0) {
        throw wrong(name, "true or false", "a text or a number");
      }
      if (value.asBoolean()) {
        arguments.add(written);
      }
      return;
    }
    if (option.arity().max() == 0) {
      throw wrong(name, "neither true nor false", "one of them");
    }
    for (String text : texts(name, option, value)) {
      arguments.add(written + "=" + text);
    }
  }

  /** The texts that an option is given, one for each time that it is. */
  private List<String> texts(String name, OptionSpec option, JsonNode value) throws RpcException {
    if (value.isObject()) {
      List<String> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        entries.add(entry.getKey() + "=" + text(name, entry.getValue()));
      }
      return option.isMultiValue() && Map.class.isAssignableFrom(option.type())
          ? entries
          : List.of(String.join(",", entries));
    }
    if (!value.isArray()) {
      return List.of(text(name, value));
    }
    List<String> all = new ArrayList<>();
    for (JsonNode element : value) {
      all.addAll(texts(name, option, element));
    }
    return option.splitRegex().isEmpty() && option.isMultiValue()
        ? all
        : List.of(String.join(",", all));
  }

  private String text(String name, JsonNode value) throws RpcException {
    if (!value.isValueNode() || value.isNull() || value.isBoolean()) {
      throw wrong(
          name,
          value.getNodeType().toString().toLowerCase(java.util.Locale.ROOT),
          "a text or a number");
    }
    double number = value.asDouble();
    return value.isDouble() && number == Math.rint(number) && Math.abs(number) < MOST_WHOLE
        ? Long.toString((long) number)
        : value.asText();
  }

  private RpcException wrong(String name, String found, String expected) {
    return new RpcException(
        RpcException.BAD_PARAMETERS,
        "%s: parameter '%s' is %s, expected %s".formatted(method, name, found, expected));
  }

  private void addPositionals(CommandSpec command, ObjectNode parameters) throws RpcException {
    for (PositionalParamSpec positional : command.positionalParameters()) {
      String name = name(positional);
      JsonNode value = parameters.path(name);
      if (value.isMissingNode() || value.isNull()) {
        if (positional.required()) {
          throw new RpcException(
              RpcException.BAD_PARAMETERS, "%s needs the parameter '%s'".formatted(method, name));
        }
        break;
      }
      if (value.isContainerNode()) {
        positionals.add(INLINE + inline(name, value));
      } else if (value.isTextual()) {
        positionals.add(value.asText());
      } else {
        throw wrong(name, "neither a name nor what a file holds", "one of them");
      }
    }
    if (!positionals.isEmpty()) {
      arguments.add("--");
      arguments.addAll(positionals);
    }
  }

  /** Puts what a parameter holds into a file in memory; returns its name. */
  private String inline(String name, JsonNode value) throws RpcException {
    String file = name.equals("runs") ? "data" : name;
    String text = name.equals("runs") ? rows(value) : value.toString();
    try {
      if (memory == null) {
        memory = MemoryFileSystemBuilder.newEmpty().build();
      }
      Files.writeString(memory.getPath(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Runs as JSON lines, so that a message's line is the number of the run. */
  private String rows(JsonNode value) throws RpcException {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(JsonNode::toString)
          .collect(Collectors.joining("\n"));
    }
    int count = -1;
    for (Map.Entry<String, JsonNode> column : value.properties()) {
      if (!column.getValue().isArray()) {
        throw wrong(
            "runs",
            "an object of which '" + column.getKey() + "' is no array",
            "a list of values for each column, or a list of objects");
      }
      int size = column.getValue().size();
      if (count >= 0 && size != count) {
        throw wrong(
            "runs",
            "a table of which '%s' has %d values and an earlier column %d"
                .formatted(column.getKey(), size, count),
            "columns of one length");
      }
      count = size;
    }
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> column : value.properties()) {
        row.set(column.getKey(), column.getValue().get(i));
      }
      rows.append(row).append('\n');
    }
    return rows.toString();
  }

  @Override
  public void close() {
    if (memory != null) {
      try {
        memory.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
