/** Exported models, checked with ONNX Runtime. */
@NullMarked
package io.millrace.storefront.onnx;

import org.jspecify.annotations.NullMarked;
