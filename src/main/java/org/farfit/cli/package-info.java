/**
 * The command line: one command per file, put together by {@link org.farfit.cli.Main}. Options that
 * commands share are in {@code RunsInput} and {@code FitChoices}. Results go to standard output,
 * notes and progress to standard error.
 */
package org.farfit.cli;
