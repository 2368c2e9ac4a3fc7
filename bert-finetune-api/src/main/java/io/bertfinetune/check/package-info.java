/**
 * A look at the data before a run, which finds in a second what otherwise shows itself after hours or never.
 *
 * <p>The {@code Trainer} does this by itself before the first step and logs what it finds as warnings to the SLF4J logger
 * {@code io.bertfinetune.Trainer}; {@code dataCheck(false)} switches that off. To look before there is a trainer:
 *
 * <pre>{@code
 * DataReport report = DataCheck.of(model, train).eval(dev).run();
 * System.out.println(report);
 * report.warnings().forEach(warning -> …);
 * }</pre>
 *
 * <p>{@link io.bertfinetune.check.DataWarning.Kind} lists what it warns of. Nothing is changed, no random number is drawn,
 * and no number of a run depends on whether the data was looked at.
 */
@NullMarked
package io.bertfinetune.check;

import org.jspecify.annotations.NullMarked;
