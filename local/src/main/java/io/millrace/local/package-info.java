/** The launcher behind {@code ./millrace}: starts, watches and stops everything that Millrace is on one machine. */
@NullMarked
package io.millrace.local;

import org.jspecify.annotations.NullMarked;
