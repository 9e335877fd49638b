/** The feature definitions: parsed strictly, versioned in Postgres, the current ones in memory and in a snapshot on disk. */
@NullMarked
package io.millrace.feature.registry;

import org.jspecify.annotations.NullMarked;
