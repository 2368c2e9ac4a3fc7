/** A trained model in a Spring Boot application. */
@NullMarked
package io.bertfinetune.examples.spring;

import org.jspecify.annotations.NullMarked;
