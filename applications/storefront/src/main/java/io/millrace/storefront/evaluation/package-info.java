/** How good ranked lists are, offline and through the public API. */
@NullMarked
package io.millrace.storefront.evaluation;

import org.jspecify.annotations.NullMarked;
