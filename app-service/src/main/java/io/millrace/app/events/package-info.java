/** Puts events on Kafka, and says so only when they are kept. */
@NullMarked
package io.millrace.app.events;

import org.jspecify.annotations.NullMarked;
