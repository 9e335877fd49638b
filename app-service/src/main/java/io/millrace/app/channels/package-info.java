/** The gRPC connections to the neighbours, kept open. */
@NullMarked
package io.millrace.app.channels;

import org.jspecify.annotations.NullMarked;
