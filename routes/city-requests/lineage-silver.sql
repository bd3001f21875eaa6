-- The row of silver. Grain: a case. _run: the run that wrote it, which may be an earlier one than the last, as only months that change are written again.
SELECT * RENAME (_written_by AS _run) FROM written.silver WHERE case_enquiry_id = getvariable('case_number')
