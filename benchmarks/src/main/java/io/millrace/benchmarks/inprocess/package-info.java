/** The work of a storefront prediction without services around it: what the whole path is compared with. */
@NullMarked
package io.millrace.benchmarks.inprocess;

import org.jspecify.annotations.NullMarked;
