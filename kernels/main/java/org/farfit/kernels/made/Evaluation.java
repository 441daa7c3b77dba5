package org.farfit.kernels.made;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel that evaluates normal equations for the host. Its arguments: context, control, index,
 * data, codes, rows, parameters, cost, gradient, matrix.
 */
public interface Evaluation
    extends Task10<
        KernelContext,
        IntArray,
        IntArray,
        DoubleArray,
        ByteArray,
        IntArray,
        DoubleArray,
        DoubleArray,
        DoubleArray,
        DoubleArray> {}
