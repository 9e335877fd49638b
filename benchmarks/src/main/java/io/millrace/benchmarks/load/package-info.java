/** What the whole path gives at fixed rates of arrival. */
@NullMarked
package io.millrace.benchmarks.load;

import org.jspecify.annotations.NullMarked;
