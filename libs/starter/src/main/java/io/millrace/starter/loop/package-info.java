/** Threads that do one thing for as long as a service runs, whatever else goes away meanwhile. */
@NullMarked
package io.millrace.starter.loop;

import org.jspecify.annotations.NullMarked;
