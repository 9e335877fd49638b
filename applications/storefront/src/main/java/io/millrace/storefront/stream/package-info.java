/** The Kafka topics that a training reads from and writes to. */
@NullMarked
package io.millrace.storefront.stream;

import org.jspecify.annotations.NullMarked;
