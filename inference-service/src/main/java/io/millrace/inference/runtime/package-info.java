/** Runs models with ONNX Runtime; the only package that knows it. */
@NullMarked
package io.millrace.inference.runtime;

import org.jspecify.annotations.NullMarked;
