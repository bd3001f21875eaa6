-- The row of gold. Grain: a case that was closed late. _run: the run that wrote it.
SELECT * RENAME (_written_by AS _run) FROM written.late_cases WHERE case_enquiry_id = getvariable('case_number')
