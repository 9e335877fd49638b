/** Searches vector-service for the nearest points. */
@NullMarked
package io.millrace.app.retrieval;

import org.jspecify.annotations.NullMarked;
