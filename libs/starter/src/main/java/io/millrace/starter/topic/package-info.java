/** Makes the declared Kafka topics where nobody has yet. */
@NullMarked
package io.millrace.starter.topic;

import org.jspecify.annotations.NullMarked;
