/** Which request a log line and a problem belong to. */
@NullMarked
package io.millrace.starter.request;

import org.jspecify.annotations.NullMarked;
