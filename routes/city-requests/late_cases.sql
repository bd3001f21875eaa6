-- The cases that were closed after their target, with the days between. Grain: a case.
SELECT case_enquiry_id, open_dt, sla_target_dt, closed_dt, case_title, subject, reason, type, queue, department, neighborhood, ward, source,
       closure_reason_normalized, duration_hours, latitude, longitude, date_diff('day', sla_target_dt, closed_dt) AS delay_days, year, month
FROM silver
WHERE case_status = 'Closed' AND closed_dt > sla_target_dt
ORDER BY delay_days DESC, case_enquiry_id
