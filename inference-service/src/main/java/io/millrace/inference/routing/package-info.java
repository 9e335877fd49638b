/** Decides which version answers where several could: by weights, by alias, and with copies on trial. */
@NullMarked
package io.millrace.inference.routing;

import org.jspecify.annotations.NullMarked;
