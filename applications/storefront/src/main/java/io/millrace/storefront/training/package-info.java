/** Learns what to recommend: the two towers, the ranker, and how good they are on a period they have not seen. */
@NullMarked
package io.millrace.storefront.training;

import org.jspecify.annotations.NullMarked;
