/** ONNX models written from Java. */
@NullMarked
package io.millrace.onnx;

import org.jspecify.annotations.NullMarked;
