/** The messages between services, as JSON and Avro: what two of them must change together, and nothing else. */
@NullMarked
package io.millrace.wire;

import org.jspecify.annotations.NullMarked;
