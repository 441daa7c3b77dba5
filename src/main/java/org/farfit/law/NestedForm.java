package org.farfit.law;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A smaller law within a law: what it is with some of its parameters fixed.
 *
 * @param words what tables call it
 * @param law the name of the law that it is, where that has a name of its own; then it is tested
 *     only beside a fit of that law
 * @param published the published parameters that are fixed, by name; empty if only centred ones say
 *     what it is
 * @param fixed the centred parameters that are fixed and where, by name
 */
public record NestedForm(
    String words,
    Optional<String> law,
    Map<String, Double> published,
    SequencedMap<String, Double> fixed) {}
