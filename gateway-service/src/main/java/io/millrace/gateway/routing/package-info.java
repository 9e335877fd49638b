/** Sends each path to its service, and answers what goes wrong on the way. */
@NullMarked
package io.millrace.gateway.routing;

import org.jspecify.annotations.NullMarked;
