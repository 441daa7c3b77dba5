/**
 * Studies: each answers one kind of question about runs, with how certain the answer is and whether
 * it may be believed, and is what a command is a form over. {@link
 * org.farfit.analysis.study.FitStudy} fits, {@link org.farfit.analysis.study.Identifiability} says
 * what the runs determine, {@link org.farfit.analysis.study.LawSelection} which law to believe;
 * {@link org.farfit.analysis.study.PredictionStudy} predicts, {@link
 * org.farfit.analysis.study.AllocationStudy} and {@link
 * org.farfit.analysis.study.ColumnAllocationStudy} find what is best for a budget, {@link
 * org.farfit.analysis.study.ComparisonStudy} which of two recipes wins, and {@link
 * org.farfit.analysis.study.DesignStudy} which runs to train next.
 */
package org.farfit.analysis.study;
