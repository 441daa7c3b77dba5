package org.farfit.report.html;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A piece of HTML. There are three ways to make one: text, which is escaped; data, which are JSON
 * that no markup can be read from; and templates, whose slots take pieces and are filled in one
 * pass, so that what fills one is never searched for another. Templates come from Farfit alone.
 *
 * @param html what a page holds
 */
record Markup(String html) {

  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z]+)}}");

  /** Digits that a figure can show; more would only make the file larger. */
  private static final MathContext SHOWN = new MathContext(6);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(double[].class, new Numbers()))
          .build();

  static {
    MAPPER.getFactory().setCharacterEscapes(new Harmless());
  }

  /** Numbers in six digits; gaps where they are not finite, which JSON cannot say. */
  private static final class Numbers extends JsonSerializer<double[]> {

    @Override
    public void serialize(double[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray();
      for (double value : values) {
        if (Double.isFinite(value)) {
          json.writeNumber(new BigDecimal(value).round(SHOWN).doubleValue());
        } else {
          json.writeNull();
        }
      }
      json.writeEndArray();
    }
  }

  /** No character that begins or ends markup, nor a line end of JavaScript that JSON allows. */
  private static final class Harmless extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

    Harmless() {
      for (char c : new char[] {'<', '>', '&', '\''}) {
        ascii[c] = CharacterEscapes.ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
      return c == 0x2028 || c == 0x2029 ? new SerializedString("\\u%04x".formatted(c)) : null;
    }
  }

  /** Text as it is to be read, between tags or in a quoted attribute. */
  static Markup text(String text) {
    StringBuilder html = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        // Control characters, which no page may hold.
        default -> html.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return new Markup(html.toString());
  }

  /** Data for a script, between the tags of an element of type {@code application/json}. */
  static Markup data(Object value) {
    try {
      return new Markup(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures are plain records", e);
    }
  }

  /** Pieces one after another. */
  static Markup joined(Collection<Markup> pieces) {
    return new Markup(pieces.stream().map(Markup::html).collect(Collectors.joining()));
  }

  /**
   * Fills the slots <code>{{name}}</code> of a template of Farfit's own.
   *
   * @throws IllegalStateException if a slot has no piece, or a piece no slot
   */
  static Markup template(String template, Map<String, Markup> slots) {
    StringBuilder filled = new StringBuilder();
    Matcher slot = SLOT.matcher(template);
    int found = 0;
    while (slot.find()) {
      Markup piece = slots.get(slot.group(1));
      if (piece == null) {
        throw new IllegalStateException("nothing for slot " + slot.group(1));
      }
      found++;
      slot.appendReplacement(filled, Matcher.quoteReplacement(piece.html()));
    }
    if (found < slots.size()) {
      throw new IllegalStateException("a template lacks a slot of " + slots.keySet());
    }
    return new Markup(slot.appendTail(filled).toString());
  }
}
