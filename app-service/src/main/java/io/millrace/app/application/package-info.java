/** The versions of each application: stored in Postgres, served from memory, kept on disk for a start without Postgres. */
@NullMarked
package io.millrace.app.application;

import org.jspecify.annotations.NullMarked;
