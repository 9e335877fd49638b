/** The edges: gRPC for services, HTTP for people. */
@NullMarked
package io.millrace.vector.api;

import org.jspecify.annotations.NullMarked;
