/** The whole system, started and used as a newcomer would. */
@NullMarked
package io.millrace.system;

import org.jspecify.annotations.NullMarked;
