/** Starts that are tried beside a running service, so that the next one is faster. */
@NullMarked
package io.millrace.starter.rehearsal;

import org.jspecify.annotations.NullMarked;
