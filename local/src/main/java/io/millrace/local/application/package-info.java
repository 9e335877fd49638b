/** Brings a reference application in: its definitions, its data, its models; and shows it. */
@NullMarked
package io.millrace.local.application;

import org.jspecify.annotations.NullMarked;
