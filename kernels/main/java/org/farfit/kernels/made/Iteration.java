package org.farfit.kernels.made;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task12;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel that iterates problems that stay on the device. Its arguments: context, control, index,
 * data, codes, words, lanes, parameters, gradient, matrix, scale, state.
 */
public interface Iteration
    extends Task12<
        KernelContext,
        IntArray,
        IntArray,
        DoubleArray,
        ByteArray,
        IntArray,
        IntArray,
        DoubleArray,
        DoubleArray,
        DoubleArray,
        DoubleArray,
        DoubleArray> {}
