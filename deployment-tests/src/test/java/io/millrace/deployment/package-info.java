/** Reads what Millrace is deployed with, strictly, and holds it against the code. */
@NullMarked
package io.millrace.deployment;

import org.jspecify.annotations.NullMarked;
