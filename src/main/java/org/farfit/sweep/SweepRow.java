package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;

/**
 * One result of a sweep: a fit, judged on one set of runs. Tables have the parts of the key and of
 * the result side by side.
 *
 * @param key what it is about
 * @param result what came of it
 */
@JsonPropertyOrder({"key", "result"})
public record SweepRow(
    @JsonUnwrapped @JsonProperty("key") SweepKey key,
    @JsonUnwrapped @JsonProperty("result") SweepResult result)
    implements Serializable {}
