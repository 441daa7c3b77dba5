/**
 * What kernels made at run time need by name: a class that stands for theirs, and the functions
 * that they call. Exported since they live in class loaders of their own.
 */
package org.farfit.kernels.made;
