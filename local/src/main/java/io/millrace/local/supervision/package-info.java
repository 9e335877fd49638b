/** Starts the parts of Millrace as processes of their own, watches them, and leaves none behind. */
@NullMarked
package io.millrace.local.supervision;

import org.jspecify.annotations.NullMarked;
