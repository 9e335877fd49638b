/** What a training has finished so far, so that one that was cut off goes on instead of starting over. */
@NullMarked
package io.millrace.storefront.checkpoint;

import org.jspecify.annotations.NullMarked;
