/* Real numbers as JSON writes them, whatever the locale's decimal point is. */
#pragma once

#include <stdbool.h>

#define NUMBER_SIZE 32 /* enough for any real */

/* All of `text` as a decimal real (what C's strtod takes in the "C" locale, without hexadecimal, "inf" and "nan"). False when it is no
 * number or beyond what a double holds. */
bool number_parse(const char *text, double *ret_value);

/* The shortest decimal that reads back as the same value; integral values without fraction: "3", "0.1", "1e+300". */
void number_format(double value, char ret_text[NUMBER_SIZE]);

/* The same for a 32-bit real, laid out as Go's strconv.FormatFloat(value, 'g', -1, 32): exponents below -4 and from 6 on ("1e+06"). Not for
 * infinities and NaN. */
void number_format_single(float value, char ret_text[NUMBER_SIZE]);
