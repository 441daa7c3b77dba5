/**
 * The command line: one command per file, put together by {@link org.farfit.cli.Main}. Options that
 * commands share are mixins: {@code ...Input}, {@code ...Choices} and {@code ...Choice} say how,
 * {@code ...Questions} what is asked. A {@code ...Run} takes a command's long work through its
 * steps, which are the library's, with what is told, drawn and caught between them. A command asks
 * a type of the library and prints what a {@link org.farfit.report.Presentation} makes of the
 * answer, by {@code JsonChoice}. Results go to standard output, notes and progress to standard
 * error.
 */
package org.farfit.cli;
