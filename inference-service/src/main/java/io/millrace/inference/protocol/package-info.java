/** Speaks the Open Inference Protocol, over gRPC and HTTP. */
@NullMarked
package io.millrace.inference.protocol;

import org.jspecify.annotations.NullMarked;
